/** Words of the tabs; each panel brings its own. */
export default {
  practice: {
    title: "In practice",
    lead: "What the choices around a network do, measured on the text above.",
    failed: "This part could not be loaded. Open its tab again to try once more.",
    tabs: {
      tokens: "Tokens",
      document: "A first model",
      overfitting: "Overfitting",
      schedule: "Learning rate",
      sweep: "Which length?",
      cells: "RNN, LSTM or GRU",
      fill: "Missing characters",
    },
  },
};
