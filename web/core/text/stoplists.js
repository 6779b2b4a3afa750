/** The lists that are used, by name: a bundler leaves the other sixty out. */
export { eng, zho } from "stopword";
