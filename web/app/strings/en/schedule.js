/** Words of the panel of learning rates. */
export default {
  body: [
    "Large steps learn fast, small ones settle. A schedule gives both: it begins with a warm-up, while Adam does not yet know how large gradients are, and ends with ever smaller steps. What is drawn here is what the run will use; it can be changed while it learns, and a saved run goes on where its schedule stood.",
  ],
  kind: "Schedule",
  kinds: { constant: "constant", step: "step decay", cosine: "cosine" },
  fields: {
    learningRate: "Learning rate",
    warmup: "Warm-up, steps",
    decayEvery: "Decay every, steps",
    decayFactor: "Decay factor",
    totalSteps: "Ends at step",
    lastShare: "Share left at the end",
  },
  take: "Learn with this schedule above",
  now: "step {step}",
  read: "At step {step} the rate is {rate}.",
  used: "The run’s last update, step {step}, used {rate}.",
  summary: "{kind}: the learning rate goes from {start} to {end} at step {step}.",
  warmupTooLong: "The warm-up must be shorter than the whole schedule, which ends at step {totalSteps}.",
};
