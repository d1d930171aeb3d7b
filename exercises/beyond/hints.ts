// Hints for the exercises beyond the lecture, in three steps: a question, the rule that applies, the expression in words.
import type { Hint } from "../../lib/exercise/hints.ts";

const layernorm: Record<string, Hint> = {
  dlngain: [
    "lngain has 64 numbers, one for each column, and LayerNorm works along the rows. Who uses each number of lngain?",
    "The derivative of a product is the other factor; what was broadcast over the examples is summed over the examples. That is " +
    "as in batchnorm.",
    "lnraw times dhpreact, summed over dimension 0, without keepdim, because lngain is (64).",
  ],
  dlnbias: [
    "lnbias is added to every example. What does an addition do to a gradient?",
    "An addition passes the gradient on unchanged; what was broadcast forward is summed backward.",
    "dhpreact summed over dimension 0, without keepdim.",
  ],
  dlnraw: [
    "hpreact = lngain · lnraw + lnbias. lnraw has the full shape: does anything need to be summed?",
    "The derivative of a product is the other factor. lnraw itself was not broadcast.",
    "lngain times dhpreact; (64) broadcasts over the rows by itself.",
  ],
  dlndiff: [
    "lndiff is read twice: by lnraw and by lndiff2. What does each send back?",
    "A tensor used twice gets two terms. From the product: the other factor. From the square: 2x times its gradient.",
    "First lnvar_inv times dlnraw; later, under lndiff2, add 2 · lndiff · dlndiff2 in place.",
  ],
  dlnvar_inv: [
    "lnraw = lndiff · lnvar_inv, with lnvar_inv (32, 1). Over which dimension was it broadcast?",
    "The other factor times the gradient, summed over what was broadcast: here the columns.",
    "lndiff times dlnraw, summed over dimension 1 with keepdim.",
  ],
  dlnvar: [
    "lnvar_inv = (lnvar + 1e-5)**−0.5. What is the derivative of a power?",
    "d(xᵖ)/dx = p·xᵖ⁻¹, where x is lnvar + 1e-5: the 1e-5 stays inside the power.",
    "−0.5 · (lnvar + 1e-5)**−1.5 · dlnvar_inv.",
  ],
  dlndiff2: [
    "lnvar = 1/m · Σ₁ lndiff2. What does a sum do to a gradient, going back? And is there an m − 1 anywhere?",
    "Summed forward, broadcast backward: every element of a row gets the row's gradient, times 1/m. LayerNorm has no Bessel's " +
    "correction.",
    "ones like lndiff2, times 1/m, times dlnvar.",
  ],
  dlnmeani: [
    "lndiff = hpreln − lnmeani. Which sign, and over which dimension was lnmeani broadcast?",
    "A subtraction sends minus the gradient to its second operand. It was broadcast over the columns, so sum over them.",
    "minus dlndiff, summed over dimension 1 with keepdim, where dlndiff has both of its terms.",
  ],
  dhpreln: [
    "hpreln is read twice: by lndiff and by lnmeani. What does each send back?",
    "The subtraction passes its gradient on unchanged. The mean passes 1/m of its gradient to each element.",
    "First a clone of dlndiff; later, under lnmeani, add ones like hpreln times 1/m times dlnmeani, in place.",
  ],
  dx: [
    "A number of x reaches the loss on three paths: through its own x̂, through its row's mean, through its row's variance. " +
    "What does each send back?",
    "With dx̂ = γ·dy: through x̂, s·dx̂. Through the mean, minus the row's mean of that. Through the variance, minus s·x̂ times the " +
    "row's mean of dx̂·x̂. No Bessel's correction.",
    "First dy times gain: call it dxhat. Then rstd / m times what is left of m · dxhat when two things are subtracted: its sum " +
    "over the last dimension, and xhat times such a sum of dxhat times xhat, both with keepdim.",
  ],
};

const attention: Record<string, Hint> = {
  dout: [
    "logits = out @ Wo + bo, and dlogits is (4, 8, 27). Which product with Wo has the shape of out?",
    "For y = a @ b, da = dy @ bᵀ. matmul multiplies each of the four sequences by the same matrix.",
    "dlogits times Wo transposed: (4, 8, 27) @ (27, 6).",
  ],
  dWo: [
    "Wo is used at every position of every sequence. What has to be summed, and what does the product sum already?",
    "For y = a @ b, db = aᵀ @ dy. Of a stack of matrices, each gives its own db: they are added up.",
    "out with its last two dimensions exchanged, times dlogits, is (4, 6, 27): sum it over dimension 0. Or make 32 rows of each " +
    "with view, and there is one product.",
  ],
  dbo: [
    "bo has 27 numbers, logits has 4 · 8 rows of 27. How often was each number of bo used?",
    "What is broadcast forward is summed backward, over every dimension that was broadcast.",
    "dlogits summed over dimensions 0 and 1: sum takes a list of them.",
  ],
  datt: [
    "out = att @ v for each sequence. dout is (4, 8, 6): what must it be multiplied by to give (4, 8, 8)?",
    "For y = a @ b, da = dy @ bᵀ; the T is only of the last two dimensions.",
    "dout times v with dimensions 1 and 2 exchanged. Nothing about the mask yet: it comes with the softmax.",
  ],
  dv: [
    "Which positions i look at position j, and with which weights?",
    "For y = a @ b, db = aᵀ @ dy. att is square, so that a missing transpose does not show in the shape.",
    "att with dimensions 1 and 2 exchanged, times dout.",
  ],
  dwei: [
    "One score goes up a little. What happens to its own weight in att, and what to the others of its row?",
    "∂aⱼ/∂wᵢ is aⱼ·(1 − aᵢ) for i = j, else −aⱼ·aᵢ. Summed with the daⱼ: dwᵢ = aᵢ·daᵢ − aᵢ·Σ daⱼ·aⱼ. Where att is 0, " +
    "nothing passes.",
    "Sum att times datt over the last dimension, with keepdim; subtract that from datt; multiply by att. It needs no mask.",
  ],
  dq: [
    "wei = q @ kᵀ / √H. Which product of dwei with which tensor has the shape of q, and what about √H?",
    "For y = a @ b, da = dy @ bᵀ, and here b is kᵀ: transposed twice is not transposed. A factor stays a factor.",
    "dwei times k, times head_size to the power −0.5.",
  ],
  dk: [
    "k is transposed in the product. What is the gradient of kᵀ, and what then is that of k?",
    "For y = q @ kᵀ, d(kᵀ) = qᵀ @ dy, so dk = dyᵀ @ q.",
    "dwei with dimensions 1 and 2 exchanged, times q, times head_size to the power −0.5.",
  ],
  dWq: [
    "q = x @ Wq at every position of every sequence. What has to be summed?",
    "For y = a @ b, db = aᵀ @ dy, added up over the sequences.",
    "x with dimensions 1 and 2 exchanged, times dq, summed over dimension 0.",
  ],
  dWk: [
    "The same kind of line as for Wq. Which gradient comes from above?",
    "For y = a @ b, db = aᵀ @ dy, added up over the sequences.",
    "x with dimensions 1 and 2 exchanged, times dk, summed over dimension 0.",
  ],
  dWv: [
    "The same kind of line as for Wq. Which gradient comes from above?",
    "For y = a @ b, db = aᵀ @ dy, added up over the sequences.",
    "x with dimensions 1 and 2 exchanged, times dv, summed over dimension 0.",
  ],
  dx: [
    "x is read three times: by q, by k and by v. What does each send back?",
    "A tensor used three times gets three terms, and each is that of a product: da = dy @ bᵀ.",
    "dq, dk and dv, each times its own matrix transposed, added up.",
  ],
};

/** The hints by exercise and gradient. */
export const beyondHints: Record<"layernorm" | "attention", Record<string, Hint>> = { layernorm, attention };
