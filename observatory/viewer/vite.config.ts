// Builds the page into the package: hashed files, no inline code, nothing from other origins.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  cacheDir: '../node_modules/.vite-viewer',
  logLevel: 'warn',
  resolve: { conditions: ['longpole-source'] },
  build: {
    outDir: '../dist/viewer',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:16686' } },
});
