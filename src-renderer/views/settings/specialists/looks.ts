import type { Look } from '#shared/domain/things.ts';

/** What people would call them, for those who do not see them. */
export const colourNames: Readonly<Record<Look['colour'], string>> = {
  apollo: 'gold',
  athena: 'petrol',
  engram: 'blue',
  ergon: 'brown',
  harmonia: 'dark teal',
  hephaestus: 'rust',
  hermes: 'crimson',
  metis: 'indigo',
  noesis: 'teal',
  numa: 'olive',
  penia: 'leaf green',
  prometheus: 'magenta',
  rhetor: 'plum',
  sophia: 'jade',
  synthesis: 'forest green',
  tekton: 'violet',
  telos: 'purple',
  terma: 'orange',
};

export const glyphNames: Readonly<Record<Look['glyph'], string>> = {
  apollo: 'angle brackets',
  athena: 'network',
  engram: 'arches',
  ergon: 'prompt',
  harmonia: 'two rings',
  hephaestus: 'window',
  hermes: 'arrows',
  metis: 'shield',
  noesis: 'bell curve',
  numa: 'speech bubble',
  penia: 'purse',
  prometheus: 'flag',
  rhetor: 'quotation marks',
  sophia: 'open book',
  synthesis: 'confluence',
  tekton: 'layers',
  telos: 'target',
  terma: 'label',
};
