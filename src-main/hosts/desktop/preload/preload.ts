import { contextBridge, ipcRenderer } from 'electron';
import { CONNECT, PORT } from '../channels.ts';

// All that a page gets of Electron: it may ask for a port, and the port comes as a message to itself. Everything else
// goes through that port, where the contract checks it.
contextBridge.exposeInMainWorld('choragus', { connect: () => ipcRenderer.send(CONNECT) });

ipcRenderer.on(PORT, ({ ports }) => window.postMessage(PORT, location.origin, [...ports]));
