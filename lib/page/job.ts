// The run that a worker is to do, for whatever in the worker needs to know of it.
import type { Job } from "./messages.ts";

/** The worker's job, filled in when the page has sent it. */
export const job: Job = { source: "", code: "", script: "my/ex1.ts", args: [], kept: {}, names: "" };
