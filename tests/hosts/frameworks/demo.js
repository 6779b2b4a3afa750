/** What every framework is given, in the types it hands on. */
export const OPTIONS = {
  cell: "gru",
  units: 24,
  batch: 8,
  seqLen: 16,
  learningRate: 0.01,
  stateful: false,
  sample: "brackets",
  views: "loss",
  autoplay: true,
};
