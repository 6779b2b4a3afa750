"use client";
import { useEffect } from "react";

export function Demo(options) {
  useEffect(() => void import("unrolled/element"), []);
  return <unrolled-demo {...options} />;
}
