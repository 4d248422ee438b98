import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { downloadImages, type HostAddress } from '@rodpo/features/download';
import { expect, onTestFinished, test } from 'vitest';
import {
  catalogue,
  deferred,
  imagesIn,
  localOptions,
  pngBytes,
  startServer,
  temporaryFolder,
} from './image-server.ts';

/** A resolver that knows some made-up names, and counts how often it is asked for each. */
function resolver(names: Record<string, readonly string[]>) {
  const asked: string[] = [];
  const lookup = async (hostname: string): Promise<HostAddress[]> => {
    asked.push(hostname);
    return (names[hostname] ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
  };
  return { asked, lookup };
}

test.each([
  'http://127.0.0.1/',
  'https://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/', // 127.0.0.1 as one number
  'http://0x7f.1/',
  'http://0x7f000001/',
  'http://017700000001/',
  'http://0177.0.0.01/',
  'http://0/',
  'http://①②⑦.0.0.1/',
  'http://127%2e0.0.1/',
  'http://10.0.0.1./',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://255.255.255.255/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:7f00:1::]/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
])('%s is refused without asking anybody', async (url) => {
  const { asked, lookup } = resolver({});
  const folder = await temporaryFolder();

  const report = await downloadImages(catalogue(url), { folder, system: { lookup } });

  expect(report.failures).toMatchObject([{ id: '0', reason: 'refused' }]);
  expect(report.failures[0]!.message).toMatch(/not a public address.*\(1 attempt\)/);
  expect(asked).toEqual([]);
});

test.each([
  ['ftp://shop.example/a.png', /only http and https/],
  ['file:///etc/passwd', /only http and https/],
  ['data:image/png;base64,iVBORw0KGgo=', /only http and https/],
  [`data:image/png;base64,${'A'.repeat(10_000)}`, /^.{0,300}$/],
  ['http://shop.example:22/', /port 22 .* not one of 80, 443/],
  ['https://shop.example:8443/', /port 8443/],
  ['http://user:secret@shop.example/', /^http:\/\/shop\.example\/ carries a user name/],
  ['http://:secret@shop.example/', /^(?!.*secret).*password/],
])('%s is refused for what it is', async (url, message) => {
  const { asked, lookup } = resolver({ 'shop.example': ['93.184.216.34'] });
  const folder = await temporaryFolder();

  const report = await downloadImages(catalogue(url), { folder, system: { lookup } });

  expect(report.failures).toMatchObject([{ reason: 'refused' }]);
  expect(report.failures[0]!.message).toMatch(message);
  expect(asked).toEqual([]);
});

test.each(['', 'image.png', '//shop.example/a.png', 'http://', 'http://[::1', 'http://256.1.1.1/'])(
  '%j is no URL',
  async (url) => {
    const report = await downloadImages(catalogue(url), { folder: await temporaryFolder() });

    expect(report.failures).toEqual([
      { id: '0', reason: 'unsupported', message: `not a URL: "${url}"` },
    ]);
  },
);

test('an item without a URL is missing', async () => {
  const report = await downloadImages(catalogue(undefined), { folder: await temporaryFolder() });

  expect(report.failures).toEqual([{ id: '0', reason: 'missing', message: 'the item has no URL' }]);
});

test.each([
  { fact: 'its only address', addresses: ['10.0.0.1'] },
  { fact: 'its last address', addresses: ['93.184.216.34', '2606:4700::1', '::ffff:10.0.0.1'] },
  { fact: 'a word instead of an address', addresses: ['localhost'] },
])('a name is refused for $fact', async ({ addresses }) => {
  const { lookup } = resolver({ 'inside.example': addresses });
  const folder = await temporaryFolder();

  const report = await downloadImages(catalogue('http://inside.example/'), {
    folder,
    system: { lookup },
  });

  expect(report.failures).toMatchObject([{ reason: 'refused' }]);
  expect(report.failures[0]!.message).toContain(
    `inside.example is at ${addresses.at(-1)}, which is not a public address`,
  );
});

test('nobody listens to a refused request, and allowing all private addresses lets it through', async () => {
  const server = await startServer((_request, response) => response.end(pngBytes()));
  const source = catalogue(`http://127.0.0.1:${server.port}/`);
  const options = await localOptions(server, { allowPrivateAddresses: false });

  const refused = await downloadImages(source, options);
  expect(refused.failures).toMatchObject([{ reason: 'refused' }]);
  expect(server.connectionCount()).toBe(0);

  const allowed = await downloadImages(source, { ...options, allowPrivateAddresses: true });
  expect(allowed.downloaded).toBe(1);
});

test.each([
  { ranges: ['127.0.0.0/8'], downloaded: 1 },
  { ranges: ['fd00::/8', '127.0.0.1/32'], downloaded: 1 },
  { ranges: ['127.0.0.2/32', '10.0.0.0/8', '::/0'], downloaded: 0 },
  { ranges: [], downloaded: 0 },
])('with $ranges allowed, $downloaded image comes from 127.0.0.1', async (row) => {
  const server = await startServer((_request, response) => response.end(pngBytes()));
  const options = await localOptions(server, { allowPrivateAddresses: row.ranges });

  const report = await downloadImages(catalogue(server.url('/')), options);

  expect(report.downloaded).toBe(row.downloaded);
});

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://[::1]/',
  'http://0x7f.2/',
  'http://inside.example/',
  '//inside.example/a.png',
  'ftp://shop.example/',
  'http://user:secret@shop.example/',
  'http://shop.example:22/',
])('a redirect to %s is refused', async (location) => {
  const server = await startServer((_request, response) =>
    response.writeHead(302, { location }).end(),
  );
  // The first host is allowed, 127.0.0.2 is not, though this machine would answer there as well.
  const { lookup } = resolver({ 'shop.example': ['127.0.0.1'], 'inside.example': ['127.0.0.2'] });
  const options = await localOptions(server, { system: { lookup } });
  const allowedPorts = [server.port, 80];

  const report = await downloadImages(catalogue(server.url('/')), { ...options, allowedPorts });

  expect(report.failures).toMatchObject([{ reason: 'refused' }]);
  expect(server.asked).toEqual(['/']);
});

test('the connection goes to the address that was checked: the name is asked once a request', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/') return void response.writeHead(301, { location: '/image' }).end();
    response.end(pngBytes());
  });
  const answers = ['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2'];
  const lookup = async () => [{ address: answers.shift()!, family: 4 }];
  const options = await localOptions(server, { system: { lookup } });

  expect(await downloadImages(catalogue(server.url('/')), options)).toMatchObject({
    downloaded: 1,
  });
  expect(answers).toHaveLength(2); // two requests

  const rebound = await downloadImages(catalogue(server.url('/b')), options);
  expect(rebound.failures).toMatchObject([{ reason: 'refused' }]);
});

test('the next address of a name is tried if the first does not answer', async () => {
  const server = await startServer((_request, response) => response.end(pngBytes()));
  const { lookup } = resolver({ 'shop.example': ['127.0.0.3', '127.0.0.1'] });
  const options = await localOptions(server, { attempts: 1, system: { lookup } });

  const report = await downloadImages(catalogue(server.url('/')), {
    ...options,
    allowPrivateAddresses: ['127.0.0.0/8'],
  });

  expect(report.downloaded).toBe(1);
});

test('redirects are followed, also relative ones to other hosts, and the first URL names the file', async () => {
  const server = await startServer((request, response) => {
    const location = { '/1': '2', '/2': '//cdn.example:PORT/3', '/3': '/4?a=b#c' }[request.url!];
    if (!location) return void response.end(pngBytes());
    response.writeHead(307, { location: location.replace('PORT', `${server.port}`) }).end('moved');
  });
  const options = await localOptions(server);
  const url = server.url('/1');

  const report = await downloadImages(catalogue(url), options);

  expect(report.downloaded).toBe(1);
  expect(server.asked).toEqual(['/1', '/2', '/3', '/4?a=b']);
  const digest = createHash('sha256').update(url).digest('hex');
  expect(await imagesIn(options.folder)).toEqual([join(digest.slice(0, 2), `${digest}.png`)]);
});

test.each([
  { redirects: 5, downloaded: 1, asked: 6 },
  { redirects: 6, downloaded: 0, asked: 6 },
  { redirects: Number.POSITIVE_INFINITY, downloaded: 0, asked: 6 },
])('$redirects redirects in a row: $downloaded image', async ({ redirects, downloaded, asked }) => {
  const server = await startServer((request, response) => {
    const number = Number(request.url!.slice(1));
    if (number < redirects) response.writeHead(302, { location: `/${number + 1}` });
    response.end(pngBytes());
  });

  const report = await downloadImages(catalogue(server.url('/0')), await localOptions(server));

  expect(report.downloaded).toBe(downloaded);
  expect(server.asked).toHaveLength(asked);
  if (!downloaded) {
    expect(report.failures).toMatchObject([
      { reason: 'unreachable', message: 'more than 5 redirects (1 attempt)' },
    ]);
  }
});

test('a redirect that names no place is a failure', async () => {
  const server = await startServer((_request, response) => response.writeHead(302).end());

  const report = await downloadImages(catalogue(server.url('/')), await localOptions(server));

  expect(report.failures).toMatchObject([{ reason: 'unreachable' }]);
});

test('https is spoken to the checked address under the name of the host', async () => {
  const hello = deferred<Buffer>();
  const plain = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      hello.resolve(bytes);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void plain.close());
  const { port } = plain.address() as { port: number };
  const options = await localOptions({ port }, { attempts: 1 });

  const report = await downloadImages(catalogue(`https://shop.example:${port}/`), options);

  expect(report.failures).toMatchObject([{ reason: 'unreachable' }]);
  const bytes = await hello.promise;
  expect(bytes[0]).toBe(0x16); // a TLS handshake
  expect(bytes.toString('latin1')).toContain('shop.example'); // its server name
});
