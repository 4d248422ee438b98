import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page: `vite build` for the package, and `src/from-source.ts` where nothing was built. */
export default defineConfig({
  root: fileURLToPath(new URL('page', import.meta.url)),
  base: './', // it lies at any address
  resolve: {
    conditions: ['@rodpo/source', 'module', 'browser'],
    // The page computes by wasm: of onnxruntime's files for WebGPU, 27 MB, nothing is taken along.
    alias: { 'onnxruntime-web/webgpu': 'onnxruntime-web/wasm' },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    emptyOutDir: true,
    assetsInlineLimit: 0, // a data: address would need an exception of the page's policy
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
  },
});
