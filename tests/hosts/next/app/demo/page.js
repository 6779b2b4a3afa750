import Link from "next/link";
import { Demo } from "./demo.js";

export const dynamic = "force-dynamic"; // rendered on the server at every request

export default function Page() {
  return (
    <main>
      <h1>A demo</h1>
      <Link href="/">Back to the start</Link>
      <Demo cell="gru" units={16} batch={8} seqLen={16} seed={3} sample="brackets" views="score" autoplay={true} />
    </main>
  );
}
