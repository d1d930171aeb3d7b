// Errors whose message says all there is to say to a user: no line number or stack trace would help.

/** Something the user can fix; the message says what. */
export class UserError extends Error {}

/** A command line that cannot be used; the message names the flag, the value and what is allowed. */
export class UsageError extends UserError {}
