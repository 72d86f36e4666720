import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The explorer into dist/explorer, which the API serves at `/`: everything in files of its own, so that it runs offline. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../dist/explorer', import.meta.url)),
    emptyOutDir: true,
    // Monaco, the editor in GraphiQL, is one chunk of 2 MB: it is loaded from the same host, once.
    chunkSizeWarningLimit: 2500,
    // GraphiQL's modules carry "use no memo", a word to a compiler that is not run here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
});
