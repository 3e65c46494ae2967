// SessionProtocol
