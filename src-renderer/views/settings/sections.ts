import type { ComponentType } from 'react';
import { About } from './about/About.tsx';
import { Appearance } from './appearance/Appearance.tsx';
import { Connections } from './connections/Connections.tsx';
import { DataFolder } from './data/DataFolder.tsx';
import { Gateway } from './gateway/Gateway.tsx';
import { ProvidersSection } from './providers/ProvidersSection.tsx';
import type { SectionName } from './section-names.ts';
import { Shortcuts } from './shortcuts/Shortcuts.tsx';
import { SpecialistsSection } from './specialists/SpecialistsSection.tsx';

/** What each section shows; `open` is the thing in it that the address names. */
export const sections: Readonly<Record<SectionName, ComponentType<{ open: string | null }>>> = {
  providers: ProvidersSection,
  specialists: SpecialistsSection,
  appearance: Appearance,
  data: DataFolder,
  gateway: Gateway,
  connections: Connections,
  shortcuts: Shortcuts,
  about: About,
};
