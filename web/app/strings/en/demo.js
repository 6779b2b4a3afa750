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
};
