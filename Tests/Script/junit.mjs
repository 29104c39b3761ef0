/** Reports tests as JUnit does, which Node.js 18 cannot by itself. A file that cannot be run is a failed test. */
export default async function* junit(source) {
  yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n';
  for await (const { type, data } of source) {
    const isTest = (type === "test:pass" || type === "test:fail") && data.details?.type !== "suite";
    if (isTest) yield `<testcase name="${escaped(data.name)}">${outcome(type, data)}</testcase>\n`;
  }
  yield "</testsuites>\n";
}

function outcome(type, { skip, todo, details }) {
  if (skip !== undefined || todo !== undefined) return "<skipped/>";
  if (type === "test:pass") return "";
  return `<failure>${escaped(String(details?.error?.cause ?? details?.error))}</failure>`;
}

function escaped(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // Control characters are none of XML's.
  const plain = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, "");
  return plain.replace(/[&<>"]/g, (character) => entities[character]);
}
