const names = [
  'bash',
  'c',
  'cpp',
  'csharp',
  'css',
  'diff',
  'docker',
  'go',
  'html',
  'ini',
  'java',
  'javascript',
  'json',
  'jsonc',
  'jsx',
  'kotlin',
  'lua',
  'makefile',
  'markdown',
  'php',
  'powershell',
  'python',
  'ruby',
  'rust',
  'sql',
  'swift',
  'toml',
  'tsx',
  'typescript',
  'xml',
  'yaml',
] as const;
export type GrammarName = (typeof names)[number];

const aliases = new Map<string, GrammarName>(
  Object.entries({
    'c#': 'csharp',
    'c++': 'cpp',
    cjs: 'javascript',
    cs: 'csharp',
    dockerfile: 'docker',
    h: 'c',
    hpp: 'cpp',
    js: 'javascript',
    kt: 'kotlin',
    make: 'makefile',
    md: 'markdown',
    mjs: 'javascript',
    patch: 'diff',
    ps1: 'powershell',
    py: 'python',
    rb: 'ruby',
    rs: 'rust',
    sh: 'bash',
    shell: 'bash',
    svg: 'xml',
    ts: 'typescript',
    yml: 'yaml',
    zsh: 'bash',
  }),
);

/** The grammar for what a fence says; undefined when there is none. */
export function grammarOf(language: string): GrammarName | undefined {
  const name = language.toLowerCase();
  return aliases.get(name) ?? names.find((each) => each === name);
}
