/** The words of attention's first picture and of a block that is opened, in English. */
export default {
  unrolled: {
    title: "What each character looks back at",
    read: "Nothing is carried from character to character. To read one, a block looks back at all that its window holds: a band comes from each character, as thick as the weight it has, a stripe a head. Where they meet, at the foot of the block, they are always as wide together, for the weights of a head add up to 1. Inside is the stream that leaves the block, a line a unit; above, what it expects to come next, framed where it is right. Point at a column: the arrows back show how strongly its mistake is felt at each earlier character, and all of them are one step away.",
    look: "Choose one head: what does it look for? A click opens a block: its equations, and the weights they have just now.",
    cursor:
      "The unrolled network: left and right move along the text, up and down through the blocks, Enter opens the block",
    state: "stream",
    cellAt: "The block at “{token}”",
    cellOf: "The block at “{token}”, block {layer}",
  },
  heads: {
    label: "Heads",
    all: "all heads",
    head: "head {head}",
    legend: "looks of head",
    looks: "What it looks at in block {layer}, {who}: {list}.",
    place: "{token} {back} back with {p}",
    own: "itself with {p}",
    most: "head 1, most: “{token}” {p}",
    others: "{n} others",
    below: "what leaves block {layer}",
  },
  equations: {
    whereAttention:
      "y is the current character (one-hot), x the stream, t its position in the window, s one it looks at; E, P, W and V are learnt matrices, b and d learnt biases; norm makes a stream even, √d is the root of a head’s width.",
    attention: {
      x: "The stream that enters: the first block’s is the sum of two rows that are learnt, of the character and of its position in the window.",
      q: "Three views of the stream, made even by a norm: what the character asks for (q), what it is found by (k), what it has to say (v). Each head has its own units of them.",
      a: "How strongly it looks at each character up to its own: those whose k fits its q. Under a weight stand the character, how far back it is, and in brackets q·k/√d, of which the softmax is taken. Of each head the weights add up to 1.",
      m: "What the characters looked at have to say is added to the stream. Nothing is rewritten, so gradients pass.",
      h: "Each position for itself: a network of one hidden layer, four times as wide, adds what it makes of it.",
    },
  },
};
