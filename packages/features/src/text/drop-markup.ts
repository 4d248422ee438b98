/** Elements that do not part words: `H<sub>2</sub>O` is one word, `red<br>blue` is two. */
const inline = new Set(
  (
    'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark nobr q s samp small ' +
    'span strike strong sub sup tt u var wbr'
  ).split(' '),
);

/** A name, and what parts it from the rest: the look-ahead keeps `<joe@example.com>` a text. */
const tag = /<[/!?]?([a-z][a-z0-9:-]*)(?=[\s/>?])[^<>]*>/gi;

/**
 * Takes out HTML comments, the content of `script` and `style`, and tags.
 *
 * A tag is `<`, `</`, `<!` or `<?`, a letter directly after it, and no other `<` before its `>`;
 * so `a < b`, `<3` and `<joe@example.com>` stay. Inline elements (`b`, `span`, `sub`, …) leave
 * nothing, all others leave a space. What is never closed stays.
 *
 * Takes time linear in the length of the text, whatever the text.
 *
 * @see https://html.spec.whatwg.org/multipage/parsing.html#tag-open-state
 */
export function dropMarkup(text: string): string {
  if (!text.includes('<')) return text;
  const withoutComments = dropSpans(text, /<!--/g, /-->/g);
  const withoutScripts = dropSpans(
    withoutComments,
    /<script(?=[\s/>])[^<>]*>/gi,
    /<\/script(?=[\s/>])[^<>]*>/gi,
  );
  const withoutStyles = dropSpans(
    withoutScripts,
    /<style(?=[\s/>])[^<>]*>/gi,
    /<\/style(?=[\s/>])[^<>]*>/gi,
  );
  return withoutStyles.replace(tag, (_, name: string) =>
    inline.has(name.toLowerCase()) ? '' : ' ',
  );
}

/** Not one expression with `.*?`: that would read to the end again for every unclosed opening. */
function dropSpans(text: string, opening: RegExp, closing: RegExp): string {
  let kept = '';
  let from = 0;
  for (;;) {
    opening.lastIndex = from;
    const opened = opening.exec(text);
    if (!opened) break;
    closing.lastIndex = opening.lastIndex;
    if (!closing.test(text)) break;
    kept += `${text.slice(from, opened.index)} `;
    from = closing.lastIndex;
  }
  return kept + text.slice(from);
}
