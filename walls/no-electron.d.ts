// The engines know no Electron: they see this instead of its types, so every named import of it is an error.
export {};
