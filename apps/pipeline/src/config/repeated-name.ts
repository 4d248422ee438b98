/** A string, or a bracket or comma: all that tells names from values in JSON. */
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;

/** The first name that one object of a JSON text has twice: parsers keep the last value unsaid. */
export function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const name: string = JSON.parse(token.slice(0, token.length - colon.length));
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
