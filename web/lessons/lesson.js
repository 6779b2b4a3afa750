/**
 * What a lesson is: data and words. README.md tells a teacher how to write one; check.js holds a lesson to this.
 *
 * Conditions and answers are written in the little language of run/expression.js over the run's numbers, which are
 * named "network.number".
 */

/**
 * @typedef {{ make?: string, sample?: string, reader?: boolean, length?: number, [option: string]: any }} TextSpec
 *   make: a generator of core/text/generators.js, with its options; sample: a text of the page; reader: the text that
 *   the reader last learnt in the lab, or the sample; length: characters of it that are used
 */
/**
 * @typedef {object} NetworkSpec
 * @property {TextSpec} text
 * @property {Record<string, any>} settings flat, as in a link
 * @property {number} steps after which it ends
 * @property {string} [until] or when this is true
 * @property {number} [warm] updates it has made before anything is shown
 * @property {boolean} [still] it is only looked at: its steps are those of the telling, and train nothing
 */
/**
 * @typedef {{ kind: string, at?: "look" | "start" | "end", networks?: string[], [option: string]: any }} MeasureSpec
 *   at: after each round (unless told otherwise), before the first, or when its network has ended
 */
/**
 * @typedef {object} FigureSpec
 * @property {"curve" | "line" | "samples" | "triangle" | "gates" | "table" | "passage" | "update" | "slow" | "sweep"} kind
 * @property {string} name of its words
 * @property {string[]} [networks] all when left out
 * @property {string} [number] of "curve": what is drawn over the updates
 * @property {string} [also] of "curve": another number, drawn thin
 * @property {string} [data] of "curve": the measure whose array is drawn over its lags
 * @property {number} [until] of "curve" over lags: the largest that is drawn
 * @property {string} [rule] of "curve": the number a dashed line stands at; `setting`: the same, a setting of its last network
 * @property {string} [setting]
 * @property {boolean} [percent] of "curve": the axis runs from 0 to 1
 * @property {boolean} [log] of "curve": the axis is one of powers of ten
 * @property {number} [least] of "curve": the smallest value such an axis shows
 * @property {number} [low] of "curve": where the axis begins; `most`: where it ends at most
 * @property {number} [most]
 * @property {boolean} [bet] of "curve": the line that was drawn as a bet is laid over it
 * @property {boolean} [marks] of "curve" over lags: how far back the answer lies is marked
 * @property {{ number: string, format?: string, best?: "low" | "high" }[]} [columns] of "table"
 * @property {string} [over] of "sweep": the setting along the x axis
 * @property {string} [by] of "sweep": the setting that has a line for each of its values
 */
/**
 * @typedef {object} DrawAxis
 * @property {number[]} at places on the x axis
 * @property {number} low
 * @property {number} high
 * @property {number} start where all points are at first
 * @property {string} network whose curve is drawn
 * @property {string} number of it
 */
/**
 * @typedef {object} Bet
 * @property {"choose" | "draw"} kind
 * @property {string[]} [options] of "choose"
 * @property {{ when?: string, is: string }[]} [outcome] of "choose": the first that holds
 * @property {DrawAxis} [axis] of "draw"
 */
/**
 * @typedef {object} Change what is other than the lesson says: new networks are trained, or trained ones measured anew
 * @property {Record<string, Partial<NetworkSpec>>} [networks] by name; those not named are left out
 * @property {Record<string, object>} [measures] by kind
 * @property {number} [seed] another one than 1
 */
/**
 * @typedef {object} Words of one language; keys of `say`, `bet`, `check` … are the lesson's own
 * @property {string} title
 * @property {string} question
 * @property {string[]} intro {example} in it stands for `example`, set as code
 * @property {string} [example]
 * @property {Record<string, string>} bet
 * @property {Record<string, string>} networks
 * @property {Record<string, any>} figures
 * @property {Record<string, string>} say
 * @property {Record<string, string>} change
 * @property {Record<string, string>} [changed] what the network is called that an option changes, where not as its button
 * @property {{ question: string, why: string, [option: string]: string }} check
 * @property {string} [published]
 */
/**
 * @typedef {object} Lesson
 * @property {string} name as in the address: #lesson=name
 * @property {Record<string, NetworkSpec>} networks
 * @property {number} look steps of a round
 * @property {number} [pace] milliseconds that a round takes at least, so that one can follow
 * @property {boolean} [byHand] a round waits until the reader goes on
 * @property {MeasureSpec[]} measures
 * @property {Record<string, string>} [moments] names for the step at which something is true for the first time
 * @property {FigureSpec[]} figures from top to bottom
 * @property {Bet} bet
 * @property {{ when: string, say: string }[]} events sentences, each opened when the one before is and its time has come
 * @property {{ when?: string, say: string }[]} answer the first that holds
 * @property {{ options: { name: string, change: Change }[], say: { when?: string, say: string }[] }} change
 * @property {{ options: string[], right: string }} check
 * @property {string} lab the network that is opened there
 * @property {string[]} claims what is true when the run has ended, for each of three seeds
 * @property {{ networks: Record<string, Partial<NetworkSpec>>, claims: string[] }} [short] the same in some seconds, for the quick tests
 * @property {{ en: Words, zh: Words }} words
 */

export {};
