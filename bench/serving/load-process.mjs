// One load as JSON on standard input, what came of it on standard output.
import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';

console.log(JSON.stringify(await autocannon(JSON.parse(await text(process.stdin)))));
