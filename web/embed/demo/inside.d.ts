/** What the build puts inside a bundle. */
declare module "inside:styles" {
  /** The page's styles, as a shadow tree takes them. */
  const css: string;
  export default css;
}
declare module "inside:still" {
  /** A picture of a trained network, as SVG. */
  const svg: string;
  export default svg;
}
