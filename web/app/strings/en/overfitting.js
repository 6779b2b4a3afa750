/** Words of the panel of overfitting, early stopping and regularisation. */
export default {
  name: "overfitting",
  start: "Overfit, then mend it",
  cancel: "Stop",
  cancelled: "Stopped. What was measured stays.",
  done: "Done. Losses are in nats; both parts are read without dropout.",
  working: "{name}: epoch {epoch} of {epochs}.",
  body: [
    "A network with far more weights than its text can pin down learns the text by heart: the training loss keeps falling, the validation loss turns and rises. The shaded gap between the two is what it knows and cannot use.",
    "Press the button to see it happen: a network of 96 units on the first {length} characters of the text above, and then the same network with each of the usual remedies.",
  ],
  caption: "The same network, text and seed; what differs is the remedy",
  heads: ["remedy", "epochs", "training loss", "validation loss", "gap", "accuracy", "best validation", "at epoch"],
  mends: { nothing: "none", dropout: "dropout", l2: "L2", l1: "L1", decay: "AdamW decay", early: "stopping early" },
  settings: {
    nothing: "Adam alone",
    dropout: "dropout 0.5 on the output of the recurrent layer",
    l2: "L2 penalty 0.0002",
    l1: "L1 penalty 0.00003",
    decay: "AdamW, weight decay 0.3",
    early: "patience 3: ends when 3 epochs brought nothing better, and the best weights stay",
  },
  best: "best",
  lossAxis: "loss, nats",
  epochAxis: "epochs",
  gap: "gap {gap} with the weights of epoch {epoch}",
  summary:
    "{name}: after epoch {epoch} the training loss is {training} and the validation loss {validation}; its best was {best}, after epoch {bestEpoch}.",
  aboveTitle: "For the run above",
  above:
    "Stopping: after so many epochs, or when so many evaluations in a row brought no better validation loss; then the best weights are put back, and the loss curve shows where they were. 0 means never, and a validation part of fewer than 50 tokens ends nothing. Holding back: penalties and dropout change while it learns.",
  fields: {
    epochs: "Epochs at most",
    patience: "Patience, evaluations",
    l1: "L1",
    l2: "L2",
    weightDecay: "Weight decay",
    dropout: "Dropout",
  },
  dropoutKind: "Dropout draws",
  dropoutKinds: { unit: "units anew at each character", variational: "units once for a window (variational)" },
  wholeNumber: "{label} is a whole number from 0 to 999,999; {value} is not.",
};
