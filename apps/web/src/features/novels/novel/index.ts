export { Figures } from './estimate-panel.tsx';
