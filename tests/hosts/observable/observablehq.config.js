export default {
  title: "A site",
  root: "src",
  pages: [{ name: "To the demo", path: "/demo" }],
  search: false,
  preserveExtension: true, // a plain server has no other names for files
  pager: false,
  globalStylesheets: [], // the usual one is a font's of another origin
  footer: "",
};
