module.exports = {
  title: "A site",
  url: "https://site.example",
  baseUrl: "/",
  trailingSlash: true, // a plain server has no other names for files
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false, pages: false, theme: {} }]],
  clientModules: [require.resolve("./src/unrolled.js")],
  onBrokenLinks: "throw",
};
