/** The formats in which a run's dependency graph and plan can be had as a picture. */

export const GRAPH_FORMATS = ["mermaid", "dot", "graphml"] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

export const PICTURE_FORMATS = ["svg", "mermaid"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];
