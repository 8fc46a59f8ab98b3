import type { ExportFormat } from '../../state/transfers.ts';

/** What a session can be exported as, with a word on each. */
export const formats: readonly { id: ExportFormat; title: string; ending: string; word: string }[] = [
  {
    id: 'json',
    title: 'JSON',
    ending: '.json',
    word: 'All of it: every branch, figures and settings. Can be imported again.',
  },
  {
    id: 'markdown',
    title: 'Markdown',
    ending: '.md',
    word: 'The branch shown, as text that people and other programs read.',
  },
  { id: 'html', title: 'Web page', ending: '.html', word: 'The branch shown, in one page that opens anywhere.' },
];
