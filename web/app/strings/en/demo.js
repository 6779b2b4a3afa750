/** The words of a demo in somebody else's page, in English. */
export default {
  label: "Demo: a network that learns",
  step: "Step",
  at: "step {step}",
  atLoss: "step {step} · loss {loss}",
  refused: {
    choice: "{name} is {allowed}; “{value}” is none of them.",
    boolean: "{name} is true or false, and “{value}” is neither.",
    fitted: "{name} is “auto”, or a whole number from {min} to {max}; “{value}” is not.",
    integer: "{name} is a whole number from {min} to {max}; “{value}” is not.",
    number: "{name} is a number from {min} to {max}; “{value}” is not.",
    above: "{name} is a number above {min}, up to {max}; “{value}” is not.",
    below: "{name} is a number from {min} to below {max}; “{value}” is not.",
    height: "{name} is “auto”, or CSS pixels from 10 to 9999; “{value}” is neither.",
    hold: "{name} is like “gate=f value=0” or “unit=3 value=mean”; “{value}” is not.",
    tooLong: "{name} has {value} characters; it takes {max} at most.",
    unknown: "The address says “{name}”, which a demo does not know.",
    needText: "The address speaks of a text of {value} bytes that it does not carry, so a sample is learnt instead.",
  },
  list: ", ",
  or: " or ",
  policy:
    "This page's Content-Security-Policy does not let the demo train: it forbids {blocked}. Whoever runs the site can allow it by adding to that header: {needed}",
  blocked: { worker: "workers", wasm: "WebAssembly", trusted: "its script" },
  and: " and ",
  /** Short explanations, where the author names them. */
  learn: {
    title: "What is going on",
    happening: {
      title: "What is happening",
      body: [
        "The text is cut into {batch} streams. At each step the network reads {seqLen} characters of every stream. After each character it gives a probability to every character that could follow, and the loss is how little it gave to the one that did.",
        "Then the error is sent back through those {seqLen} steps, which tells for each weight in which direction it would have done better, and the weights move a little that way. Nothing else happens; words and spelling come out of repeating it.",
      ],
    },
    forgets: {
      title: "Why a plain RNN forgets",
      body: [
        "To learn from something 40 characters ago, the error has to travel back through 40 steps, and each step multiplies it by the same matrix and by the slope of tanh. Mostly this shrinks it, so what is far back hardly counts; with a large matrix it can also explode.",
        "Experiments 3 and 4 behind “Learn” show it: across 10 dots a plain RNN learns to keep a letter in a few hundred updates, across 40 never, while an LSTM or a GRU does. Even a cell that can remember must first find out what is worth remembering.",
      ],
    },
    gate: {
      title: "What a gate does",
      body: [
        "A gate is a number between 0 and 1 for each unit, computed anew at every step, that something else is multiplied by: 0 blocks it, 1 lets it through.",
        "Where an LSTM’s forget gate is near 1, the cell passes through the step almost unchanged, and so does the gradient on its way back. That makes long memory possible, not certain: the network still has to learn when to keep what.",
      ],
    },
    clipping: {
      title: "What clipping does",
      body: [
        "Now and then a gradient is far larger than the others, and one step along it would throw away what was learnt. Clipping by norm scales such a gradient down to the threshold and keeps its direction.",
        "It helps against exploding gradients only. A gradient that vanished on the way back is not brought back by it.",
      ],
    },
  },
};
