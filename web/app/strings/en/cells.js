/** Words of the panel that compares the cells. */
export default {
  start: "Train the three",
  cancel: "Stop",
  cancelled: "Called off.",
  done: "Done.",
  working: "{cell}: {percent} of its characters. The run above rests meanwhile.",
  failed: "failed:",
  budget: "Characters each",
  caption: "The settings above, but for the cell",
  heads: ["cell", "parameters", "multiply-adds a character", "seconds", "validation loss", "accuracy", "reach"],
  body: [
    "An LSTM keeps a second state beside h, the cell c, and writes to it through three gates; a GRU makes do with one state and two gates; a plain RNN has no gate. So with as many units the LSTM has four blocks of weights, the GRU three, the RNN one.",
    "Which of them is worth its price on the text above, this measures: each is trained on the same number of characters, one after the other, so that seconds can be compared.",
  ],
  notes: [
    "Validation loss in nats a character, on the part held back, after training. Multiply-adds: the products that reading one character takes; training takes about three times as many. Reach: how many characters back the gradient is down to a hundredth, measured on the first 160 held back characters.",
  ],
};
