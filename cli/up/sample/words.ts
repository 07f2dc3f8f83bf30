/** What the sample shop sells and to whom. Nobody of these exists; the titles are old enough to be everybody's. */
export const TITLES = [
  'Middlemarch',
  'The Moonstone',
  'Moby-Dick',
  'Emma',
  'Dracula',
  'Walden',
  'Kevade',
  'Little Women',
  'Bleak House',
  'Candide',
  'Don Quixote',
  'Kidnapped',
  'Villette',
  'The Odyssey',
  'Persuasion',
  'Germinal',
  'Lord Jim',
  'Heidi',
  'Faust',
  'Silas Marner',
  'Leaves of Grass',
  'Treasure Island',
  'Cranford',
  'The Time Machine',
] as const;

export const FIRST_NAMES = [
  'Mari',
  'Toomas',
  'Liis',
  'Peeter',
  'Anna',
  'Jüri',
  'Kadri',
  'Rein',
  'Eva',
  'Andres',
] as const;
export const LAST_NAMES = [
  'Tamm',
  'Saar',
  'Mägi',
  'Kask',
  'Kukk',
  'Rebane',
  'Ilves',
  'Põder',
  'Oja',
  'Lepik',
  'Koppel',
] as const;

/** What calls and answers are about. */
export const CALL_TOPICS = [
  'your gift card',
  'the torn dust jacket',
  'the reading club order',
  'your new address',
] as const;
export const QUESTIONS = ['the first edition', 'your invoice', 'your return', 'the school books'] as const;
