/** In the order of the left column. The first one is shown when the address names none. */
export const sectionNames = [
  { id: 'providers', title: 'Providers' },
  { id: 'specialists', title: 'Specialists' },
  { id: 'appearance', title: 'Appearance' },
  { id: 'data', title: 'Data' },
  { id: 'gateway', title: 'Gateway' },
  { id: 'connections', title: 'Connections' },
  { id: 'shortcuts', title: 'Shortcuts' },
  { id: 'about', title: 'About' },
] as const;

export type SectionName = (typeof sectionNames)[number]['id'];
