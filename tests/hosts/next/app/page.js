import Link from "next/link";

export default function Start() {
  return (
    <main>
      <h1>A site</h1>
      <Link href="/demo">To the demo</Link>
    </main>
  );
}
