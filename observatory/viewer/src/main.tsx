// Starts the page, when the services that have colours are known.
import './style/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { fetchServices } from './api/client.ts';
import { App } from './frame/app.tsx';
import { colourServices } from './parts/service-colour.ts';

/** The page does not wait longer for the names of services. */
const PATIENCE_MS = 400;

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
try {
  colourServices(await fetchServices(AbortSignal.timeout(PATIENCE_MS)));
} catch (error) {
  console.debug('The services get their colours as they come.', error);
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
