import '@tensorflow/tfjs'; // registers the gradients and the cpu backend
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';

enableProdMode(); // no banner
await setBackend('cpu');
