/** In the folder of a run that came by import: from where, and when. */
export const importedName = "imported.json";
