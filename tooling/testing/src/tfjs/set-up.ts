import '@tensorflow/tfjs'; // registers the cpu backend and the gradients
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';

enableProdMode(); // no banner, no checks of values
await setBackend('cpu');
