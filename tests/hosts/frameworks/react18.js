export * from "./react19.js"; // the same page; build.js puts the other React under it
