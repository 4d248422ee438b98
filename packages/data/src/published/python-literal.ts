import { quote } from '@rodpo/errors';

/** What a literal of Python is in JavaScript: `None` is null, a tuple a list, a key a text. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/**
 * Reads a literal as Python prints it: dicts, lists, tuples, texts of Python 2 and 3, numbers, `True`,
 * `False` and `None`. Some published files hold a dict a line in place of JSON. Nothing is evaluated.
 *
 * Whole numbers beyond 2⁵³ come as texts, so that no digit is lost.
 *
 * @throws {SyntaxError} that says at which character the text is no literal
 */
export function parsePythonLiteral(text: string): PythonValue {
  const reader = new LiteralReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

const words: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

class LiteralReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(): PythonValue {
    this.#space();
    const start = this.text[this.at];
    if (start === '{') return this.#dict();
    if (start === '[') return this.#list(']');
    if (start === '(') return this.#list(')');
    if (/^[uUbB]?['"]/.test(this.text.slice(this.at, this.at + 2))) return this.#string();
    const word = this.#match(/[A-Za-z]+/y);
    if (word !== undefined && Object.hasOwn(words, word)) return words[word]!;
    if (word !== undefined) this.at -= word.length;
    return this.#number();
  }

  end(): void {
    this.#space();
    if (this.at < this.text.length) this.#fail('the end');
  }

  #dict(): PythonValue {
    const entries: [string, PythonValue][] = [];
    this.at++;
    while (!this.#take('}')) {
      if (entries.length > 0) this.#need(',');
      if (this.#take('}')) break;
      const key = this.value();
      this.#need(':');
      entries.push([String(key), this.value()]);
    }
    return Object.fromEntries(entries);
  }

  #list(end: ']' | ')'): PythonValue {
    const values: PythonValue[] = [];
    this.at++;
    while (!this.#take(end)) {
      if (values.length > 0) this.#need(',');
      if (this.#take(end)) break;
      values.push(this.value());
    }
    return values;
  }

  #string(): string {
    const isUnicode = !/[bB]/.test(this.text[this.at]!);
    if (!/['"]/.test(this.text[this.at]!)) this.at++;
    const mark = this.text[this.at++]!;
    let result = '';
    for (;;) {
      const plain = this.#match(mark === "'" ? /[^'\\]*/y : /[^"\\]*/y)!;
      result += plain;
      const next = this.text[this.at++];
      if (next === mark) return result;
      if (next === undefined) this.#fail('a closed text');
      result += this.#escape(isUnicode);
    }
  }

  #escape(isUnicode: boolean): string {
    const kind = this.text[this.at++] ?? '';
    const digits = hexDigits[kind];
    if (digits !== undefined && (isUnicode || kind === 'x')) {
      const code = this.text.slice(this.at, this.at + digits);
      if (code.length < digits || !/^[0-9a-f]+$/i.test(code)) this.#fail(`${digits} hex digits`);
      this.at += digits;
      const point = Number.parseInt(code, 16);
      return point > 0x10ffff ? this.#fail('a character') : String.fromCodePoint(point);
    }
    const octal = /[0-7]/.test(kind) ? this.#match(/[0-7]{0,2}/y)! : undefined;
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(kind + octal, 8));
    return escapes[kind] ?? `\\${kind}`;
  }

  #number(): number | string {
    const text = this.#match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (text === undefined) return this.#fail('a value');
    this.#match(/L/y); // Python 2's long integers
    const value = Number(text);
    return /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
  }

  #take(token: string): boolean {
    this.#space();
    if (this.text[this.at] !== token) return false;
    this.at++;
    return true;
  }

  #need(token: string): void {
    if (!this.#take(token)) this.#fail(`"${token}"`);
  }

  #space(): void {
    this.#match(/\s*/y);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  #fail(expected: string): never {
    const got = quote(this.text.slice(this.at, this.at + 20));
    throw new SyntaxError(`expected ${expected} at character ${this.at + 1}, got ${got}`);
  }
}
