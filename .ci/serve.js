/**
 * Serves dist/site and prints its address: node .ci/serve.js [port]. Without a port, the first free one from 8000 on.
 */
import { context } from "esbuild";
import { at } from "./paths.js";

const server = await context({ logLevel: "silent" });
const { hosts, port } = await server.serve({
  servedir: at("dist/site"),
  host: "127.0.0.1",
  ...(process.argv[2] && { port: Number(process.argv[2]) }),
});
console.log(`\nUnrolled runs at http://${hosts[0]}:${port}/ (Ctrl-C ends it)`);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.dispose().then(() => process.exit(0)));
