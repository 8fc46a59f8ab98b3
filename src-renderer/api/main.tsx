import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/controls.css';
import '../ui/error-block.css';
import { installSprite } from '../ui/sprite.ts';
import { Page } from './Page.tsx';

installSprite(document);
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
