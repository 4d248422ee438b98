import '@tensorflow/tfjs'; // registers the gradients and the cpu backend
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';

enableProdMode(); // no banner, no checks of values
await setBackend('cpu');
