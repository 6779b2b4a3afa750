/** The words of attention's first picture and of a block that is opened, in English. */
export default {
  unrolled: {
    title: "What each character looks back at",
    read: "Nothing is carried from character to character. To read one, a block looks back at all that its window holds up to there: a band comes from each character in sight, and one, ←, from all before, as thick as the weight they have, a stripe a head. Where they meet, at the foot of the block, they are always as wide together, for the weights of a head add up to 1. Inside is the stream that leaves the block, a line a number; above, what it expects to come next, framed where it is right. Point at a column: the arrows back show how strongly its mistake is felt at each earlier character. In the last block every one is a single step away; in a lower one the blocks above add their ways.",
    look: "Choose one head: what does it look for? A click opens a block: its equations, and the weights they have just now.",
    cursor:
      "The unrolled network: left and right move along the text, up and down through the blocks, Enter opens the block",
    state: "stream",
    cellAt: "The block at “{token}”",
    cellOf: "The block at “{token}”, block {layer}",
  },
  heads: {
    label: "Heads",
    all: "all heads on average",
    head: "head {head}",
    legend: "heads",
    looks: "Block {layer}, {who}, looks most at: {list}.",
    place: "{token} {back} back ({p})",
    own: "itself ({p})",
    most: "head 1, most: “{token}” {p}",
    others: "{n} others",
    below: "what leaves block {layer}",
  },
  equations: {
    whereAttention:
      "y is the current character (one-hot), x the stream, t its position in the window, s one it looks at; E, P, W and V are learnt matrices, b and d learnt biases; norm is layer norm: mean 0, variance 1, then a learnt scale and shift; √d is the root of a head’s width.",
    attention: {
      x: "The stream that enters: the first block’s is the sum of two rows that are learnt, of the character and of its position in the window.",
      q: "Three views of the character’s stream, after its norm: a query q, what it asks for; a key k, what it is found by; a value v, what it has to say. Each head has its own units of them.",
      a: "How strongly it looks at each character up to its own: those whose k fits its q. Under a weight stand the character, how far back it is, and in brackets q·k/√d, of which the softmax is taken. Of each head the weights add up to 1.",
      m: "What the characters looked at have to say is added to the stream. Nothing is rewritten, so gradients pass.",
      h: "Each position for itself: a network of one hidden layer, four times as wide, adds what it makes of it.",
    },
  },
};
