/** Words of the panel of the usual first model. */
export default {
  name: "first model",
  start: "Train both",
  cancel: "Stop",
  cancelled: "Stopped.",
  done: "Done.",
  summary: "{cell}: validation loss {loss} nats after epoch {epoch}.",
  axes: "loss per token, nats, over epochs",
  better:
    "The {better} guesses held-back text better: {loss} nats against {otherLoss} of the {other}, at their best, in {updates} updates each.",
  falling: "Both were still getting better: more epochs, or smaller batches, give more.",
  turned: "Best before the end (best epoch): {cells}. What came after did not help.",
  take: "Learn with these settings above",
  working: "{cell}: epoch {epoch} of {epochs}.",
  captions: { lstm: "LSTM, per epoch", gru: "GRU, per epoch" },
  heads: ["epoch", "training loss", "training accuracy", "validation loss", "validation accuracy", "seconds"],
  body: [
    "What most introductions begin with: an embedding of 128 numbers a token, one layer of 128 units, softmax; Adam, batches of 64, sequences of 100, {epochs} epochs. Here on the text above, as an LSTM and as a GRU.",
  ],
  mistakesTitle: "What such listings often get wrong",
  mistakesLead: "Four mistakes, and what is done here instead:",
  mistakes: [
    {
      wrong: "The first input is 0, and 0 is also the id of a word.",
      right:
        "The state begins at zero; the input never does. Every id from 0 on is a token, and a text begins with its own first token. A filler, where one is needed, gets an id of its own.",
    },
    {
      wrong: "Its sequences hold a single token each, never windows of 100.",
      right:
        "A window is 100 tokens in a row of one stream, and its target is the same window moved on by one: each step has something to predict, and gradients flow back through all 100.",
    },
    {
      wrong: "Categorical cross-entropy is fed integer targets.",
      right:
        "With ids as targets the loss is −log p[target], the “sparse” one. It needs no one-hot vectors of the vocabulary’s length, and is what is computed here.",
    },
    {
      wrong: "Predictions are looked up in the table from word to id.",
      right:
        "A prediction is an id. It becomes a word through the inverse table, from id to word; here a token’s id is its place in the sorted vocabulary, so the list itself is that table.",
    },
  ],
};
