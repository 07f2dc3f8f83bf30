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

export const CALL_TOPICS = [
  'a torn dust jacket',
  'a gift card',
  'a reading club order',
  'a change of address',
] as const;
export const QUESTIONS = ['a first edition', 'an invoice', 'a return', 'school books'] as const;
