/** The words of the unrolled network and of an opened cell, in English. */
export default {
  unrolled: {
    title: "One cell, eight characters in a row",
    read: "The same cell again and again, once for each character, from left to right. Inside is its state, a line a unit; above, what it expects to come next, framed where it is right. Point at a column: the arrows back show how strongly its mistake is felt at each earlier state, and so how far back it can learn.",
    look: "A click opens a cell: its gates and equations, with the numbers they have just now.",
    cursor:
      "The unrolled network: left and right move along the text, up and down through the layers, Enter opens the cell",
    at: "{t}: after {token} it expects {guess} with {p}; {next} came, loss {loss} nats.",
    felt: "The mistake is felt with {near} here and with {far} seven characters back.",
    atEnd: "{t}: {token}, the end of the text; {guess} is expected with {p}.",
    summary:
      "after step {step} the most probable character is the right one at {right} of {all} places. {shown} of {H} units are shown.",
    state: "state",
    probability: "probability",
    gradient: "gradient",
    cellAt: "The cell at “{token}”",
    cellOf: "The cell at “{token}”, layer {layer}",
    where: "A strip shows all units; the numbers are those of one.",
    unit: "Unit",
    close: "Close",
    value: "{name} of unit {unit}: {value}",
    expected: "“{next}”: {p}",
    loss: "{loss} nats",
    atLast: "Nothing follows the last character.",
  },
};
