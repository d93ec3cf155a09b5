"""The local reader service (读卡服务): a program on the clerk's or the citizen's computer that lets web pages
of allowed origins use the card in the reader, over a WebSocket on the loopback interface.
"""
