import { readFileSync } from 'node:fs';

/** What a package exports, types apart, that its README never names. */
export function undocumentedExports(packageUrl: URL): string[] {
  const readme = readFileSync(new URL('README.md', packageUrl), 'utf8');
  return exportedValues(packageUrl).filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
}

/** The names that the entry points list: an architecture test keeps them to plain lists. */
function exportedValues(packageUrl: URL): string[] {
  const { exports = {} } = JSON.parse(readFileSync(new URL('package.json', packageUrl), 'utf8'));
  const entries = Object.values<{ '@rodpo/source'?: string }>(exports).flatMap((entry) => {
    const source = entry['@rodpo/source'];
    return source ? [new URL(source, packageUrl)] : [];
  });
  const lists = entries.flatMap((entry) => [
    ...readFileSync(entry, 'utf8').matchAll(/export \{([^}]*)\}/g),
  ]);
  return lists
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim()))
    .filter((name) => name !== '' && !name.startsWith('type '));
}
